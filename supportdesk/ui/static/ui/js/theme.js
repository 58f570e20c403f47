(function(d,t){d.className="js";try{t=localStorage.theme}catch(e){}if(t)d.setAttribute("data-bs-theme",t)})(document.documentElement);
